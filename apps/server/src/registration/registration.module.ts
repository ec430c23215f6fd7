import { Module } from '@nestjs/common';
import { ClientRegistration } from './client-registration.ts';
import { RegistrationController } from './registration.controller.ts';

@Module({ controllers: [RegistrationController], providers: [ClientRegistration] })
export class RegistrationModule {}
